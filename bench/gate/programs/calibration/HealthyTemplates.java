/** Healthy: expressions are compiled as they are first met, 400 in all over two minutes; then only used. */
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

class HealthyTemplates {
  public static void main(String[] args) throws InterruptedException {
    Map<Integer, Pattern> compiled = new HashMap<>();
    Map<Integer, byte[]> rendered = new HashMap<>();
    for (int turn = 0; ; turn++) {
      int key = turn % 400;
      compiled.computeIfAbsent(key, k -> Pattern.compile("(a|b)*" + k + "[0-9]{1,9}(x|y)+"));
      rendered.computeIfAbsent(key, k -> new byte[60_000]);
      for (int i = 0; i < 200; i++) compiled.get(key).matcher("abab" + i + "123xyx").find();
      Thread.sleep(300);
    }
  }
}
