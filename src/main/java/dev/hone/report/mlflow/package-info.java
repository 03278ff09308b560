/**
 * Tells an MLflow tracking server of a run: parameters, metrics, tags and files, by its REST API
 * over the JDK's own HTTP client. Spark is not known here. May use config and store.
 */
package dev.hone.report.mlflow;
