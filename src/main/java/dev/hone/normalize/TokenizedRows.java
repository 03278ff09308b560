package dev.hone.normalize;

import dev.hone.text.TextTokenizer;
import dev.hone.text.TokenizerSpec;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.BiFunction;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.Row;
import org.apache.spark.util.TaskCompletionListener;

/** Rows made block by block with a tokenizer, which lives as long as the Spark task. */
final class TokenizedRows implements Iterator<Row> {
  private static final int BLOCK = 256;

  private final Iterator<Row> source;
  private final TextTokenizer tokenizer;
  private final BiFunction<TextTokenizer, List<Row>, List<Row>> make;
  private Iterator<Row> made = List.<Row>of().iterator();

  private TokenizedRows(
      Iterator<Row> source,
      TextTokenizer tokenizer,
      BiFunction<TextTokenizer, List<Row>, List<Row>> make) {
    this.source = source;
    this.tokenizer = tokenizer;
    this.make = make;
  }

  /** Must be called on a task's thread; opens nothing where there is no row. */
  static Iterator<Row> of(
      Iterator<Row> source,
      TokenizerSpec spec,
      BiFunction<TextTokenizer, List<Row>, List<Row>> make) {
    if (!source.hasNext()) {
      return source;
    }
    TextTokenizer tokenizer = spec.open();
    TaskContext.get()
        .addTaskCompletionListener((TaskCompletionListener) context -> tokenizer.close());
    return new TokenizedRows(source, tokenizer, make);
  }

  @Override
  public boolean hasNext() {
    while (!made.hasNext() && source.hasNext()) {
      List<Row> block = new ArrayList<>(BLOCK);
      while (block.size() < BLOCK && source.hasNext()) {
        block.add(source.next());
      }
      made = make.apply(tokenizer, block).iterator();
    }
    return made.hasNext();
  }

  @Override
  public Row next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return made.next();
  }
}
