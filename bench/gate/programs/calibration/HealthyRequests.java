/** Healthy: requests make garbage of several sizes, with a pool of four threads. */
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

class HealthyRequests {
  public static void main(String[] args) {
    ScheduledExecutorService pool = Executors.newScheduledThreadPool(4);
    for (int worker = 0; worker < 4; worker++) {
      final int size = 500 * (worker + 1);
      pool.scheduleAtFixedRate(() -> {
        Map<Integer, String> answer = new HashMap<>();
        for (int i = 0; i < size; i++) answer.put(i, "value " + i);
        if (answer.size() != size) System.out.println("wrong");
      }, worker * 20L, 50, TimeUnit.MILLISECONDS);
    }
  }
}
