package dev.hone.config;

/** One way to find hard negatives, with the options of its kind. */
public sealed interface StrategyConfig {
  /** Which of the kinds this is. */
  StrategyKind kind();

  /** What {@code candidates.miner} calls it; auto: see {@link #label()}. */
  Auto<String> name();

  /** Most negatives that it gives to a query, 0 or more; auto: see {@link #most()}. */
  Auto<Integer> quota();

  /** The name that tells it apart from the run's other strategies; by default its kind. */
  default String label() {
    return name().orElse(ValueTypes.word(kind()));
  }

  /**
   * Most negatives that it gives to a query, by default 1; with 0 its candidates only count for
   * agreement.
   */
  default int most() {
    return quota().orElse(1);
  }

  /** Does what is meant for the strategy's kind. */
  <T> T match(Cases<T> cases);

  /**
   * What is to be done for each kind of strategy.
   *
   * @param <T> the type of the result
   */
  interface Cases<T> {
    T bm25(Bm25 strategy);

    T dense(Dense strategy);

    T contradiction(Contradiction strategy);

    T partialMatch(PartialMatch strategy);

    T domainConfusion(DomainConfusion strategy);

    T random(Random strategy);

    T given(Given strategy);
  }

  /** A strategy that looks at a number of documents per query. */
  sealed interface WithDepth extends StrategyConfig {
    /** Documents looked at per query, 1 or more; auto: the depth of mining as a whole. */
    Auto<Integer> depth();
  }

  /** A strategy that compares vectors. */
  sealed interface WithModel extends WithDepth {
    /** {@code builtin:NAME} or a model folder; auto: the model that the run tunes. */
    Auto<String> model();

    /** The kind, followed by the model's name where another than the run's is asked. */
    @Override
    default String label() {
      String kind = ValueTypes.word(kind());
      String model = model().orElse("").replaceFirst("/+$", "").replaceFirst(".*[/:]", "");
      String readable = model.replaceAll("[^A-Za-z0-9._-]", "-");
      return name().orElse(readable.isEmpty() ? kind : kind + "-" + readable);
    }
  }

  /**
   * Documents that BM25 ranks high for the query: they share its words.
   *
   * @param name see {@link StrategyConfig#name()}
   * @param quota see {@link StrategyConfig#quota()}
   * @param depth see {@link WithDepth#depth()}
   */
  record Bm25(Auto<String> name, Auto<Integer> quota, Auto<Integer> depth) implements WithDepth {
    /** Refuses values out of range. */
    public Bm25 {
      check(name, quota);
      Keys.STRATEGY_DEPTH.check(depth);
    }

    @Override
    public StrategyKind kind() {
      return StrategyKind.BM25;
    }

    @Override
    public <T> T match(Cases<T> cases) {
      return cases.bm25(this);
    }
  }

  /**
   * Documents whose vectors are nearest to the query's: a model takes them for answers.
   *
   * @param name see {@link StrategyConfig#name()}
   * @param quota see {@link StrategyConfig#quota()}
   * @param depth see {@link WithDepth#depth()}
   * @param model see {@link WithModel#model()}
   */
  record Dense(Auto<String> name, Auto<Integer> quota, Auto<Integer> depth, Auto<String> model)
      implements WithModel {
    /** Refuses values out of range. */
    public Dense {
      check(name, quota);
      Keys.STRATEGY_DEPTH.check(depth);
      Keys.STRATEGY_MODEL.check(model);
    }

    @Override
    public StrategyKind kind() {
      return StrategyKind.DENSE;
    }

    @Override
    public <T> T match(Cases<T> cases) {
      return cases.dense(this);
    }
  }

  /**
   * Documents that the data, of any data set, judges to contradict the query's text, or whose text
   * the query's contradicts, or that contradict an answer to it; and those judged not relevant for
   * its text. No margin or score bound holds for them.
   *
   * @param name see {@link StrategyConfig#name()}
   * @param quota see {@link StrategyConfig#quota()}
   */
  record Contradiction(Auto<String> name, Auto<Integer> quota) implements StrategyConfig {
    /** Refuses values out of range. */
    public Contradiction {
      check(name, quota);
    }

    @Override
    public StrategyKind kind() {
      return StrategyKind.CONTRADICTION;
    }

    @Override
    public <T> T match(Cases<T> cases) {
      return cases.contradiction(this);
    }
  }

  /**
   * Documents that hold some of the query's rarer terms and miss others: they are about a part of
   * the question. They are found among the first of BM25 and keep its order.
   *
   * @param name see {@link StrategyConfig#name()}
   * @param quota see {@link StrategyConfig#quota()}
   * @param depth documents looked at per query, 1 or more; auto: the depth of mining as a whole
   * @param rareShare share of the query's different terms that count as rare, those of the fewest
   *     documents first, at least two; above 0, up to 1
   * @param minHeld smallest share of the rare terms that a document holds, above 0
   * @param maxHeld largest share of them, below 1
   */
  record PartialMatch(
      Auto<String> name,
      Auto<Integer> quota,
      Auto<Integer> depth,
      double rareShare,
      double minHeld,
      double maxHeld)
      implements WithDepth {
    /** Refuses values out of range. */
    public PartialMatch {
      check(name, quota);
      Keys.STRATEGY_DEPTH.check(depth);
      Keys.STRATEGY_RARE_SHARE.check(rareShare);
      Keys.STRATEGY_MIN_HELD.check(minHeld);
      Keys.STRATEGY_MAX_HELD.check(maxHeld);
      if (minHeld > maxHeld) {
        throw new IllegalArgumentException(
            "min-held is " + minHeld + ", but must not be above max-held, " + maxHeld);
      }
    }

    @Override
    public StrategyKind kind() {
      return StrategyKind.PARTIAL_MATCH;
    }

    @Override
    public <T> T match(Cases<T> cases) {
      return cases.partialMatch(this);
    }
  }

  /**
   * Documents near to the query in a model's space that lie beyond a border that its answers do not
   * cross: they look alike and are about something else.
   *
   * @param name see {@link StrategyConfig#name()}
   * @param quota see {@link StrategyConfig#quota()}
   * @param depth nearest documents looked at per query, 1 or more; auto: the depth of mining
   * @param model see {@link WithModel#model()}
   * @param border what must lie between a document and the answers
   * @param clusters parts that a data set's vectors are divided into, 2 or more, for a border
   *     between clusters
   */
  record DomainConfusion(
      Auto<String> name,
      Auto<Integer> quota,
      Auto<Integer> depth,
      Auto<String> model,
      Border border,
      int clusters)
      implements WithModel {
    /** Refuses values out of range. */
    public DomainConfusion {
      check(name, quota);
      Keys.STRATEGY_DEPTH.check(depth);
      Keys.STRATEGY_MODEL.check(model);
      Keys.STRATEGY_BORDER.check(border);
      Keys.STRATEGY_CLUSTERS.check(clusters);
    }

    @Override
    public StrategyKind kind() {
      return StrategyKind.DOMAIN_CONFUSION;
    }

    @Override
    public <T> T match(Cases<T> cases) {
      return cases.domainConfusion(this);
    }
  }

  /**
   * Documents in the order of a hash of seed, query and document: the negatives that hard ones are
   * compared with.
   *
   * @param name see {@link StrategyConfig#name()}
   * @param quota see {@link StrategyConfig#quota()}
   * @param depth documents drawn per query, 1 or more; auto: the depth of mining as a whole
   */
  record Random(Auto<String> name, Auto<Integer> quota, Auto<Integer> depth) implements WithDepth {
    /** Refuses values out of range. */
    public Random {
      check(name, quota);
      Keys.STRATEGY_DEPTH.check(depth);
    }

    @Override
    public StrategyKind kind() {
      return StrategyKind.RANDOM;
    }

    @Override
    public <T> T match(Cases<T> cases) {
      return cases.random(this);
    }
  }

  /**
   * Documents that the data judges not relevant for the query: a triplet's negative, an NLI
   * contradiction, a grade of 0. Taken before all others, with no margin, score bound or window; a
   * run that does not name the strategy takes all of them.
   *
   * @param quota most of them per query; auto: all; 0: none
   */
  record Given(Auto<Integer> quota) implements StrategyConfig {
    /** Refuses values out of range. */
    public Given {
      Keys.STRATEGY_QUOTA.check(quota);
    }

    @Override
    public StrategyKind kind() {
      return StrategyKind.GIVEN;
    }

    /** Always the kind: training takes given negatives first and knows them by it. */
    @Override
    public Auto<String> name() {
      return Auto.chosen();
    }

    @Override
    public int most() {
      return quota.orElse(Integer.MAX_VALUE);
    }

    @Override
    public <T> T match(Cases<T> cases) {
      return cases.given(this);
    }
  }

  private static void check(Auto<String> name, Auto<Integer> quota) {
    Keys.STRATEGY_NAME.check(name);
    Keys.STRATEGY_QUOTA.check(quota);
    if (name.orElse("").equals(ValueTypes.word(StrategyKind.GIVEN))) {
      throw new IllegalArgumentException(
          "name is \"given\", but that is what negatives of the data are called: choose another");
    }
  }
}
