/** What the service counts and measures: accounts of requests, metrics for Prometheus, traces. */
@NullMarked
package dev.diptych.metrics;

import org.jspecify.annotations.NullMarked;
