package dev.diptych.http;

import java.io.DataInput;
import java.io.InputStream;
import java.io.Reader;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.io.IOContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonFactoryBuilder;

/** A JSON factory whose parsers are {@link WholeCharacters}. */
final class StrictJsonFactory extends JsonFactory {

  private static final long serialVersionUID = 1;

  StrictJsonFactory(JsonFactoryBuilder builder) {
    super(builder);
  }

  @Override
  protected JsonParser _createParser(ObjectReadContext read, IOContext context, InputStream in) {
    return new WholeCharacters(super._createParser(read, context, in));
  }

  @Override
  protected JsonParser _createParser(ObjectReadContext read, IOContext context, Reader reader) {
    return new WholeCharacters(super._createParser(read, context, reader));
  }

  @Override
  protected JsonParser _createParser(
      ObjectReadContext read,
      IOContext context,
      char[] data,
      int offset,
      int length,
      boolean recyclable) {
    return new WholeCharacters(
        super._createParser(read, context, data, offset, length, recyclable));
  }

  @Override
  protected JsonParser _createParser(
      ObjectReadContext read, IOContext context, byte[] data, int offset, int length) {
    return new WholeCharacters(super._createParser(read, context, data, offset, length));
  }

  @Override
  protected JsonParser _createParser(ObjectReadContext read, IOContext context, DataInput input) {
    return new WholeCharacters(super._createParser(read, context, input));
  }
}
