package dev.diptych.encoding;

import org.jspecify.annotations.Nullable;

/**
 * What the service says about a model.
 *
 * @param name the model as the settings name it
 * @param revision the commit or checksum of its files, if known
 * @param dataType what it computes in, such as {@code float32}
 * @param device {@code cpu} or {@code gpu}
 */
public record ModelDescription(
    String name, @Nullable String revision, String dataType, String device) {}
