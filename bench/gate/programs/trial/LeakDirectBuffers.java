/** Leaks: memory outside the heap is taken for each connection and stays referred to, while the heap is quiet. */
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

class LeakDirectBuffers {
  public static void main(String[] args) throws InterruptedException {
    List<ByteBuffer> connections = new ArrayList<>();
    while (true) {
      ByteBuffer buffer = ByteBuffer.allocateDirect(48 * 1024);
      while (buffer.hasRemaining()) buffer.put((byte) 1);
      connections.add(buffer);
      Thread.sleep(400);
    }
  }
}
