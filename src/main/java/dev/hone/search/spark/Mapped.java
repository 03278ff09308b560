package dev.hone.search.spark;

import java.util.Iterator;
import java.util.function.Function;

/** The result of each of many inputs, made when it is asked for. */
record Mapped<I, O>(Iterator<I> inputs, Function<I, O> result) implements Iterator<O> {
  @Override
  public boolean hasNext() {
    return inputs.hasNext();
  }

  @Override
  public O next() {
    return result.apply(inputs.next());
  }
}
