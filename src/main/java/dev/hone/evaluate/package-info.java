/** Models to metric tables: rankings, metrics per query, means with confidence intervals. */
package dev.hone.evaluate;
