/** Leaks: keys without equals are never found again, so that a map of ten users grows for ever. */
import java.util.HashMap;
import java.util.Map;

class LeakKeys {
  static class Key {
    final int user;

    Key(int user) {
      this.user = user;
    }
  }

  public static void main(String[] args) throws InterruptedException {
    Map<Key, int[]> visits = new HashMap<>();
    for (int visit = 0; ; visit++) {
      visits.computeIfAbsent(new Key(visit % 10), key -> new int[300]);
      String page = "";
      for (int i = 0; i < 60; i++) page += "visit " + visit;
      if (page.isEmpty()) break;
      Thread.sleep(10);
    }
  }
}
