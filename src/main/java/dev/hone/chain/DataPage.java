package dev.hone.chain;

import dev.hone.config.DatasetConfig;
import dev.hone.config.ValueNames;
import dev.hone.normalize.AuditPage;
import dev.hone.normalize.WrittenForm;
import dev.hone.report.AuditData;
import dev.hone.report.HtmlAudit;
import dev.hone.report.ReportData;
import dev.hone.table.ParentDocuments;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** The page about a run's data, which normalize writes whether it publishes or not. */
final class DataPage implements AuditPage {
  private final List<DatasetConfig> datasets;

  DataPage(List<DatasetConfig> datasets) {
    this.datasets = datasets;
  }

  @Override
  public String html(WrittenForm form, Dataset<Row> audit) {
    return HtmlAudit.render(
        AuditData.read(
            facts(datasets),
            ParentDocuments.documents(form.documents()),
            form.queries(),
            ParentDocuments.judgements(form.judgements(), form.documents()),
            form.scoredPairs(),
            form.rejects(),
            audit));
  }

  /** What pages say of each data set. */
  static List<ReportData.DatasetFacts> facts(List<DatasetConfig> datasets) {
    return datasets.stream().map(DataPage::facts).toList();
  }

  private static ReportData.DatasetFacts facts(DatasetConfig dataset) {
    boolean wordNet = dataset.sources().values().stream().anyMatch(source -> source.isWordNet());
    return new ReportData.DatasetFacts(
        dataset.name(),
        ValueNames.of(dataset.type()),
        dataset.domain(),
        dataset.trainOn() ? ReportData.Usage.TRAINED : ReportData.Usage.EVALUATED_ONLY,
        wordNet ? "derived from WordNet 3.1's relations" : "");
  }
}
