/** Leaks: 60 kB of orders a second are kept for an undo that nobody uses, beside garbage. */
import java.util.ArrayList;
import java.util.List;

class LeakOrders {
  record Order(int number, int[] items, String note) {}

  public static void main(String[] args) throws InterruptedException {
    List<Order> undo = new ArrayList<>();
    for (int number = 0; ; number++) {
      undo.add(new Order(number, new int[700], "note " + number));
      StringBuilder page = new StringBuilder();
      for (int i = 0; i < 1500; i++) page.append(number).append(i);
      if (page.isEmpty()) break;
      Thread.sleep(50);
    }
  }
}
