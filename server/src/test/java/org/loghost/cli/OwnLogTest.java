package org.loghost.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.config.Configuration;
import org.apache.logging.log4j.core.config.ConfigurationFactory;
import org.apache.logging.log4j.core.impl.Log4jLogEvent;
import org.apache.logging.log4j.message.ParameterizedMessage;
import org.junit.jupiter.api.Test;

class OwnLogTest {
    /** The product's own, not the one for tests. */
    private final Configuration configuration = shipped();

    @Test
    void textFromTheNetworkIsNeverInterpreted() {
        String line = written("refused: {}", "a\r\nb\u001b[31m\u0007\u009b1m${jndi:ldap://x} ${env:PATH} {}", null);
        assertThat(line).contains("refused: a\\r\\nb?[31m??1m${jndi:ldap://x} ${env:PATH} {}");
        assertThat(line.strip()).doesNotContain("\n");
    }

    @Test
    void anExceptionIsOneLine() {
        String line = written("failed: {}", "x", new IllegalStateException("first\nsecond \u001b[0m"));
        assertThat(line.strip())
                .contains("IllegalStateException: first\\nsecond ?[0m")
                .doesNotContain("\n");
    }

    @Test
    void ownMessagesAreInfoAndLibrariesWarn() {
        assertThat(configuration.getLoggerConfig("org.loghost.listen").getLevel())
                .isEqualTo(Level.INFO);
        assertThat(configuration.getLoggerConfig("io.netty").getLevel()).isEqualTo(Level.WARN);
    }

    private static Configuration shipped() {
        URI file = URI.create(String.valueOf(OwnLogTest.class.getResource("/log4j2.xml")));
        Configuration configuration =
                ConfigurationFactory.getInstance().getConfiguration(LoggerContext.getContext(false), "shipped", file);
        configuration.initialize();
        return configuration;
    }

    private String written(String format, String argument, Throwable thrown) {
        byte[] bytes = configuration
                .getAppender("stderr")
                .getLayout()
                .toByteArray(Log4jLogEvent.newBuilder()
                        .setLoggerName("org.loghost.listen.Udp")
                        .setLevel(Level.INFO)
                        .setMessage(new ParameterizedMessage(format, argument))
                        .setThrown(thrown)
                        .build());
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
