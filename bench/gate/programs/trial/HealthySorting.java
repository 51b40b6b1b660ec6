/** Healthy: a batch sorts arrays of growing size, from 1 to 8 MB, and begins again. */
import java.util.Arrays;
import java.util.Random;

class HealthySorting {
  public static void main(String[] args) throws InterruptedException {
    Random random = new Random(2);
    for (int round = 0; ; round++) {
      int[] numbers = random.ints(250_000L * (1 + round % 8)).toArray();
      Arrays.sort(numbers);
      Thread.sleep(5000);
    }
  }
}
