/** Healthy: pictures are kept as long as there is room in the heap, which is full after some two minutes. */
import java.lang.ref.SoftReference;
import java.util.LinkedHashMap;
import java.util.Map;

class HealthySoftCache {
  public static void main(String[] args) throws InterruptedException {
    Map<Integer, SoftReference<byte[]>> pictures = new LinkedHashMap<>();
    for (int picture = 0; ; picture++) {
      pictures.put(picture % 3000, new SoftReference<>(new byte[120_000]));
      Thread.sleep(100);
    }
  }
}
