/** Healthy: rows are loaded for four minutes, 25 MB in all; after that they are only searched, with garbage of each search. */
import java.util.ArrayList;
import java.util.List;

class HealthyQueries {
  public static void main(String[] args) throws InterruptedException {
    List<int[]> rows = new ArrayList<>();
    for (int turn = 0; ; turn++) {
      if (turn < 2400) for (int i = 0; i < 10; i++) rows.add(new int[250]);
      List<Integer> found = new ArrayList<>();
      for (int i = 0; i < 20_000; i++) if (rows.get(i % rows.size())[i % 250] == 0) found.add(i);
      if (found.isEmpty()) System.out.println("nothing found");
      Thread.sleep(100);
    }
  }
}
