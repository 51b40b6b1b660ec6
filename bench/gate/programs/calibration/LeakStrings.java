/** Leaks: every user agent that was seen is remembered with its counts, and each has a number of its own. */
import java.util.HashMap;
import java.util.Map;

class LeakStrings {
  public static void main(String[] args) throws InterruptedException {
    Map<String, long[]> agents = new HashMap<>();
    for (int request = 0; ; request++) {
      agents.computeIfAbsent("Agent/" + request + " (" + "x".repeat(200) + ")", key -> new long[20]);
      byte[] answer = new byte[20_000];
      answer[request % answer.length] = 1;
      Thread.sleep(5);
    }
  }
}
