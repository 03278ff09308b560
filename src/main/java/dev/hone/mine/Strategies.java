package dev.hone.mine;

import dev.hone.config.MineConfig;
import dev.hone.config.StrategyConfig;
import dev.hone.pipeline.StageContext;
import dev.hone.store.Commit;
import dev.hone.store.Digests;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Does the search that each kind of strategy stands for. */
final class Strategies implements StrategyConfig.Cases<Found> {
  private final StageContext context;
  private final Commit normalForm;
  private final MinerVectors vectors;
  private final MineConfig options;
  private final MinerSearch search;
  private final long seed;

  Strategies(
      StageContext context,
      Commit normalForm,
      MinerVectors vectors,
      MineConfig options,
      MinerSearch search,
      long seed) {
    this.context = context;
    this.normalForm = normalForm;
    this.vectors = vectors;
    this.options = options;
    this.search = search;
    this.seed = seed;
  }

  @Override
  public Found bm25(StrategyConfig.Bm25 strategy) {
    return new Found(search.bm25(options.depthOf(strategy)), search.bm25Digest());
  }

  @Override
  public Found dense(StrategyConfig.Dense strategy) {
    Commit of = vectors.of(strategy);
    return new Found(search.dense(of, options.depthOf(strategy)), MinerSearch.modelDigest(of));
  }

  @Override
  public Found contradiction(StrategyConfig.Contradiction strategy) {
    return new Found(
        new JudgedDocuments(context, normalForm, search).contradicting(), normalForm.digest());
  }

  @Override
  public Found partialMatch(StrategyConfig.PartialMatch strategy) {
    return new Found(
        new PartialMatches(search, strategy).among(search.bm25(options.depthOf(strategy))),
        search.bm25Digest());
  }

  @Override
  public Found domainConfusion(StrategyConfig.DomainConfusion strategy) {
    Commit of = vectors.of(strategy);
    Dataset<Row> hits = search.dense(of, options.depthOf(strategy));
    AnswerSides sides = new AnswerSides(context, normalForm, search);
    Dataset<Row> beyond =
        switch (strategy.border()) {
          case DOMAIN -> sides.beyondDomain(hits);
          case SOURCE -> sides.beyondSource(hits);
          case CLUSTER ->
              sides.beyondCluster(
                  hits,
                  new VectorClusters(search.documentVectors(of), strategy.clusters(), seed)
                      .assigned());
        };
    return new Found(beyond, MinerSearch.modelDigest(of));
  }

  @Override
  public Found random(StrategyConfig.Random strategy) {
    return new Found(
        new RandomDocuments(search, seed).drawn(options.depthOf(strategy)),
        Digests.ofText("random " + seed + " " + normalForm.digest()));
  }

  @Override
  public Found given(StrategyConfig.Given strategy) {
    return new Found(new JudgedDocuments(context, normalForm, search).given(), normalForm.digest());
  }
}
