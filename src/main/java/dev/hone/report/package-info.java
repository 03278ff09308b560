/**
 * What people look at after a run: the page, the table that a terminal shows, and the model card.
 * One class reads the published tables into plain values; everything else turns those values into
 * text and touches neither Spark nor files. May use pipeline, table, metric and model.
 */
package dev.hone.report;
