/** Healthy: streams, formats and expressions are used more and more often, so that more and more is compiled for two minutes. */
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

class HealthyWarmUp {
  public static void main(String[] args) throws InterruptedException {
    for (int turn = 0; ; turn++) {
      int size = Math.min(400, 10 + turn / 2);
      List<String> lines = IntStream.range(0, size).mapToObj(i -> String.format(Locale.ROOT, "%05d %s", i, "line")).toList();
      String joined = lines.stream().filter(line -> line.matches(".*[13579] line")).sorted().collect(Collectors.joining(","));
      if (joined.isEmpty()) System.out.println(turn);
      Thread.sleep(150);
    }
  }
}
