/** Leaks: timeouts of requests are cancelled and stay in the scheduler's queue until their hour, beside garbage. */
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

class LeakCancelledTimers {
  public static void main(String[] args) throws InterruptedException {
    ScheduledThreadPoolExecutor timers = new ScheduledThreadPoolExecutor(1);
    for (int request = 0; ; request++) {
      byte[] body = new byte[1500];
      ScheduledFuture<?> timeout = timers.schedule(() -> body.length, 1, TimeUnit.HOURS);
      byte[] answer = new byte[40_000];
      answer[request % answer.length] = 1;
      timeout.cancel(false);
      Thread.sleep(15);
    }
  }
}
