package dev.diptych.chat;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A function that a model may call.
 *
 * @param description what it is for
 * @param parameters JSON schema of its arguments, which are one object; null if it takes none
 */
public record Tool(String name, @Nullable String description, @Nullable JsonNode parameters) {}
