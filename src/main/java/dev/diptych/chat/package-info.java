/**
 * Conversations with a model: from messages and tools to a prompt by the model's own template, and
 * from its answer back to content, reasoning and tool calls. Knows neither HTTP nor tensors.
 */
@NullMarked
package dev.diptych.chat;

import org.jspecify.annotations.NullMarked;
