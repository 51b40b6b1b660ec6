/** Leaks: subscribers are added with each message and never removed, beside much garbage. */
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

class LeakSubscribers {
  private static final List<Consumer<String>> SUBSCRIBERS = new ArrayList<>();

  public static void main(String[] args) throws InterruptedException {
    for (int turn = 0; ; turn++) {
      byte[] state = new byte[14_000];
      SUBSCRIBERS.add(text -> state[0] = (byte) text.length());
      StringBuilder garbage = new StringBuilder();
      for (int i = 0; i < 20_000; i++) garbage.append(turn + i);
      if (garbage.length() == 0) System.out.println(turn);
      Thread.sleep(100);
    }
  }
}
