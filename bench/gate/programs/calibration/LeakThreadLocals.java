/** Leaks: each tenant gets threads of its own with a buffer each, which stay when the tenant has gone. */
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

class LeakThreadLocals {
  private static final ThreadLocal<byte[]> BUFFER = ThreadLocal.withInitial(() -> new byte[60_000]);

  public static void main(String[] args) throws InterruptedException {
    for (int tenant = 0; ; tenant++) {
      ExecutorService pool = Executors.newFixedThreadPool(1);
      pool.submit(() -> java.util.Arrays.fill(BUFFER.get(), (byte) 7));
      Thread.sleep(1000);
    }
  }
}
