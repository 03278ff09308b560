package dev.hone.search.spark;

import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Function;

/** The results of many inputs one after the other, those of one input in memory at a time. */
final class Flattened<I, O> implements Iterator<O> {
  private final Iterator<I> inputs;
  private final Function<I, Iterator<O>> results;
  private Iterator<O> current = Collections.emptyIterator();

  Flattened(Iterator<I> inputs, Function<I, Iterator<O>> results) {
    this.inputs = inputs;
    this.results = results;
  }

  /** One, then the others. */
  static <T> Iterator<T> of(T first, Iterator<T> others) {
    return new Flattened<>(List.of(List.of(first).iterator(), others).iterator(), part -> part);
  }

  @Override
  public boolean hasNext() {
    while (!current.hasNext() && inputs.hasNext()) {
      current = results.apply(inputs.next());
    }
    return current.hasNext();
  }

  @Override
  public O next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return current.next();
  }
}
