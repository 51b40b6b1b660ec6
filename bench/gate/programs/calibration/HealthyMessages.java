/** Healthy: messages of every size are encoded and decoded, one in a hundred of them large. */
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Random;

class HealthyMessages {
  public static void main(String[] args) throws InterruptedException {
    Random random = new Random(4);
    while (true) {
      String text = "word ".repeat(random.nextInt(100) == 0 ? 400_000 : random.nextInt(3000));
      String encoded = Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
      if (Base64.getDecoder().decode(encoded).length != text.length()) break;
      Thread.sleep(40);
    }
  }
}
