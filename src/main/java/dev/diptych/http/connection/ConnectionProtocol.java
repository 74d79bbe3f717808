package dev.diptych.http.connection;

import java.io.IOException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.coyote.Processor;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.coyote.http11.Http11Processor;
import org.apache.tomcat.util.net.AbstractEndpoint.Handler.SocketState;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;

/** HTTP/1.1 over connections that are watched. Tomcat makes it by its name. */
public final class ConnectionProtocol extends Http11NioProtocol {

  private final ConnectionEndpoint endpoint;
  private @Nullable ConnectionLimits limits;
  private @Nullable ScheduledFuture<?> watch;

  public ConnectionProtocol() {
    this(new ConnectionEndpoint());
  }

  private ConnectionProtocol(ConnectionEndpoint endpoint) {
    super(endpoint);
    this.endpoint = endpoint;
  }

  /** Holds connections to these limits once it starts. */
  void watch(ConnectionLimits chosen) {
    limits = chosen;
  }

  @Override
  public void start() throws Exception {
    super.start();
    if (limits != null) {
      long interval = ConnectionWatch.INTERVAL.toMillis();
      watch =
          getUtilityExecutor()
              .scheduleWithFixedDelay(
                  new ConnectionWatch(endpoint::open, limits),
                  interval,
                  interval,
                  TimeUnit.MILLISECONDS);
    }
  }

  @Override
  public void stop() throws Exception {
    if (watch != null) {
      watch.cancel(false);
    }
    super.stop();
  }

  @Override
  protected Processor createProcessor() {
    return new Http11Processor(this, getAdapter()) {
      @Override
      public SocketState service(SocketWrapperBase<?> wrapper) throws IOException {
        return wrapper.getSocket() instanceof Connection connection
            ? ScopedValue.where(Connection.CURRENT, connection).call(() -> super.service(wrapper))
            : super.service(wrapper);
      }
    };
  }
}
