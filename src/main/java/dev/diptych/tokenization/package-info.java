/**
 * Text to token ids and back: the tokenizer that every endpoint shares, the streaming detokenizer
 * and chat templates. The only package besides {@code torchscript} that knows DJL.
 */
@NullMarked
package dev.diptych.tokenization;

import org.jspecify.annotations.NullMarked;
