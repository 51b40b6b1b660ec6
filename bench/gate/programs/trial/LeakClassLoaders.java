/** Leaks: each deployment of a script makes a class loader with classes of its own, and a registry keeps them. */
import java.lang.reflect.Proxy;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;

class LeakClassLoaders {
  public static void main(String[] args) throws InterruptedException {
    List<Object> deployed = new ArrayList<>();
    while (true) {
      ClassLoader loader = new URLClassLoader(new URL[0], LeakClassLoaders.class.getClassLoader());
      for (Class<?> type : new Class<?>[] {Runnable.class, Comparable.class, Iterable.class})
        deployed.add(Proxy.newProxyInstance(loader, new Class<?>[] {type}, (proxy, method, values) -> null));
      Thread.sleep(250);
    }
  }
}
