/** Healthy: answers of changing size are composed and dropped. */
import java.util.Random;

class HealthyGarbage {
  public static void main(String[] args) throws InterruptedException {
    Random random = new Random(9);
    while (true) {
      StringBuilder answer = new StringBuilder();
      for (int i = random.nextInt(60_000); i > 0; i--) answer.append(i);
      if (answer.length() < 0) break;
      Thread.sleep(20 + random.nextInt(60));
    }
  }
}
