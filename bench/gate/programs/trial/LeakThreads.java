/** Leaks: a thread waits for each client that was disconnected, with what it has read. */
import java.util.concurrent.locks.LockSupport;

class LeakThreads {
  private static int descend(int depth, byte[] read) {
    if (depth > 0) return descend(depth - 1, read) + 1;
    while (true) LockSupport.park(read);
  }

  public static void main(String[] args) throws InterruptedException {
    for (int client = 0; ; client++) {
      Thread thread = new Thread(() -> descend(200, new byte[20_000]), "client-" + client);
      thread.setDaemon(true);
      thread.start();
      Thread.sleep(700);
    }
  }
}
