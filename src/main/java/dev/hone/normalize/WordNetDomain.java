package dev.hone.normalize;

import java.util.List;
import java.util.Locale;

/**
 * One of the demo's four domains, cut out of WordNet: the hyponym closures of root synsets, and the
 * members of topic domains. A root is a noun's lemma and the number of its sense.
 */
enum WordNetDomain {
  HEALTHCARE(
      List.of(
          "ill_health#1",
          "symptom#1",
          "medical_procedure#1",
          "medical_care#1",
          "medicine#2",
          "medical_instrument#1",
          "health_professional#1",
          "injury#1",
          "medical_building#1",
          "sick_person#1"),
      List.of("medicine#1", "surgery#1", "pathology#1", "psychiatry#1", "dentistry#1")),
  BIOMEDICAL(
      List.of(
          "body_part#1",
          "body_substance#1",
          "macromolecule#1",
          "microorganism#1",
          "hormone#1",
          "cell#2",
          "organic_process#1",
          "vitamin#1",
          "amino_acid#1",
          "life_science#1"),
      List.of(
          "biochemistry#1",
          "genetics#1",
          "anatomy#1",
          "physiology#1",
          "microbiology#1",
          "immunology#1",
          "embryology#1",
          "cytology#1")),
  LEGAL(
      List.of(
          "law#1",
          "law#2",
          "legal_document#1",
          "crime#1",
          "lawyer#1",
          "legal_right#1",
          "proceeding#1",
          "court#1",
          "due_process#1",
          "judge#1"),
      List.of("law#1", "law#2", "jurisprudence#2", "criminal_law#1", "civil_law#1")),
  FINANCE(
      List.of(
          "financial_institution#1",
          "financial_condition#1",
          "monetary_unit#1",
          "security#4",
          "payment#1",
          "financial_gain#1",
          "financial_loss#1",
          "tax#1",
          "money#1",
          "financier#1",
          "transaction#1",
          "assets#1",
          "fund#1"),
      List.of(
          "finance#1", "finance#2", "commerce#1", "stock_exchange#1", "banking#1", "accounting#1"));

  @SuppressWarnings("ImmutableEnumChecker") // made by List.of
  private final List<String> roots;

  @SuppressWarnings("ImmutableEnumChecker") // made by List.of
  private final List<String> topics;

  WordNetDomain(List<String> roots, List<String> topics) {
    this.roots = roots;
    this.topics = topics;
  }

  List<String> roots() {
    return roots;
  }

  List<String> topics() {
    return topics;
  }

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
