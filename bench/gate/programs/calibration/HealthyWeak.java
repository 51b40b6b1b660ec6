/** Healthy: a table of weak keys loses what nobody uses, whenever the heap is collected. */
import java.util.ArrayDeque;
import java.util.WeakHashMap;

class HealthyWeak {
  public static void main(String[] args) throws InterruptedException {
    WeakHashMap<Object, byte[]> table = new WeakHashMap<>();
    ArrayDeque<Object> used = new ArrayDeque<>();
    while (true) {
      Object key = new Object();
      table.put(key, new byte[10_000]);
      used.add(key);
      if (used.size() > 500) used.poll();
      Thread.sleep(12);
    }
  }
}
