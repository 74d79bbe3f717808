package dev.diptych.http.connection;

import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Comparator;
import java.util.stream.Stream;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.NioEndpoint;
import org.apache.tomcat.util.net.SocketBufferHandler;

/** Tomcat's sockets, each a {@link Connection}; makes room for a new one when they run out. */
final class ConnectionEndpoint extends NioEndpoint {

  /** The share of connections that stays free for new ones. */
  private static final int RESERVE = 16;

  ConnectionEndpoint() {
    getSocketProperties().setBufferPool(0); // a connection's object and buffers end with it
  }

  Stream<Connection> open() {
    return connections.values().stream()
        .map(wrapper -> wrapper.getSocket())
        .filter(Connection.class::isInstance)
        .map(Connection.class::cast);
  }

  @Override
  protected NioChannel createChannel(SocketBufferHandler buffers) {
    return isSSLEnabled() ? super.createChannel(buffers) : new Connection(buffers);
  }

  @Override
  protected boolean setSocketOptions(SocketChannel socket) {
    int reserve = Math.max(1, getMaxConnections() / RESERVE);
    if (getMaxConnections() > 0 && connections.size() >= getMaxConnections() - reserve) {
      makeRoom(reserve);
    }
    return super.setSocketOptions(socket);
  }

  /** Ends those that have waited longest for their clients; never one with an answer. */
  private void makeRoom(int count) {
    open()
        .filter(connection -> connection.phase() != Connection.Phase.ANSWER)
        .map(connection -> new Waiting(connection, connection.inPhase()))
        .sorted(Comparator.comparing(Waiting::since).reversed())
        .limit(count)
        .forEach(waiting -> waiting.connection().endInput());
  }

  private record Waiting(Connection connection, Duration since) {}
}
