/**
 * Hugging Face model folders: what they hold, how weights are read and written, and the TorchScript
 * archive that the engine runs. Knows no engine and no Spark.
 */
package dev.hone.model;
