/** Healthy: the orders of the last minute are kept, so that the old generation fills and is collected. */
import java.util.ArrayDeque;

class HealthyWindow {
  record Order(long at, int[] items) {}

  public static void main(String[] args) throws InterruptedException {
    ArrayDeque<Order> orders = new ArrayDeque<>();
    while (true) {
      long now = System.currentTimeMillis();
      for (int i = 0; i < 20; i++) orders.add(new Order(now, new int[250]));
      while (orders.peek() != null && orders.peek().at() < now - 60_000) orders.poll();
      Thread.sleep(50);
    }
  }
}
