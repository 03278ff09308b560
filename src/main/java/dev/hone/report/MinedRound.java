package dev.hone.report;

import dev.hone.store.Commit;

/**
 * What one mining round published.
 *
 * @param candidates the commit with the table of that name
 * @param negatives the commit with what was chosen from them, and the filters' counts
 */
public record MinedRound(Commit candidates, Commit negatives) {}
