package dev.hone.bench;

import com.sun.management.GarbageCollectionNotificationInfo;
import com.sun.management.OperatingSystemMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import javax.management.ListenerNotFoundException;
import javax.management.Notification;
import javax.management.NotificationEmitter;
import javax.management.NotificationListener;
import javax.management.openmbean.CompositeData;

/** Measures what a piece of work costs this process in time and heap. */
final class Meter {
  private final List<MemoryPoolMXBean> heap =
      ManagementFactory.getMemoryPoolMXBeans().stream()
          .filter(pool -> pool.getType() == MemoryType.HEAP)
          .toList();
  private final Set<String> heapNames =
      heap.stream().map(MemoryPoolMXBean::getName).collect(Collectors.toSet());
  private final OperatingSystemMXBean system =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  /** Does the work and measures it; the process should do nothing else meanwhile. */
  Measurement measure(String benchmark, long documents, Runnable work) {
    AtomicLong live = new AtomicLong();
    NotificationListener listener =
        (event, handback) -> live.accumulateAndGet(used(event), Math::max);
    listen(listener);
    try {
      heap.forEach(MemoryPoolMXBean::resetPeakUsage);
      long processor = system.getProcessCpuTime();
      long start = System.nanoTime();
      work.run();
      long end = System.nanoTime();
      return new Measurement(
          benchmark,
          documents,
          Duration.ofNanos(end - start),
          Duration.ofNanos(system.getProcessCpuTime() - processor),
          heap.stream().mapToLong(pool -> pool.getPeakUsage().getUsed()).sum(),
          live.get());
    } finally {
      stopListening(listener);
    }
  }

  private long used(Notification event) {
    if (!event
        .getType()
        .equals(GarbageCollectionNotificationInfo.GARBAGE_COLLECTION_NOTIFICATION)) {
      return 0;
    }
    return GarbageCollectionNotificationInfo.from((CompositeData) event.getUserData())
        .getGcInfo()
        .getMemoryUsageAfterGc()
        .entrySet()
        .stream()
        .filter(pool -> heapNames.contains(pool.getKey()))
        .map(pool -> pool.getValue())
        .mapToLong(MemoryUsage::getUsed)
        .sum();
  }

  private static void listen(NotificationListener listener) {
    for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      ((NotificationEmitter) collector).addNotificationListener(listener, null, null);
    }
  }

  private static void stopListening(NotificationListener listener) {
    for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      try {
        ((NotificationEmitter) collector).removeNotificationListener(listener);
      } catch (ListenerNotFoundException e) {
        throw new IllegalStateException("the listener was added by listen", e);
      }
    }
  }
}
