package dev.diptych.http.connection;

import dev.diptych.DiptychSettings;
import org.apache.tomcat.util.buf.EncodedSolidusHandling;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Has Tomcat serve over connections that are watched, and take {@code %2F} in the names of models.
 */
@Configuration(proxyBeanMethods = false)
class ConnectionConfiguration {

  @Bean
  BodyMemory bodyMemory(DiptychSettings settings) {
    return new BodyMemory(settings.http().bodyMemory().toBytes());
  }

  @Bean
  WebServerFactoryCustomizer<TomcatServletWebServerFactory> watchedConnections(
      DiptychSettings settings) {
    ConnectionLimits limits = ConnectionLimits.of(settings.http());
    return factory -> {
      factory.setProtocol(ConnectionProtocol.class.getName());
      factory.addConnectorCustomizers(
          connector -> {
            if (connector.getProtocolHandler() instanceof ConnectionProtocol protocol) {
              protocol.watch(limits);
            }
            connector.setEncodedSolidusHandling(EncodedSolidusHandling.DECODE.getValue());
          });
    };
  }
}
