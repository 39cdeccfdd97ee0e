// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.spi.ContextAwareBase;

import org.slf4j.Logger;

/**
 * Sends logs to standard error, warnings and worse; {@code LAPWING_LOG} names another level. Found
 * by Logback with a service loader, which is faster than its XML.
 */
public final class LogSetup extends ContextAwareBase implements Configurator {

    private static final String DEBUG = "lapwing.debug";

    /** Its trace shows every byte that is sent, passwords too. */
    private static final String REDIS_WIRE = "io.lettuce.core.protocol.CommandEncoder";

    /** For the service loader. */
    public LogSetup() {}

    /** Before the first logger is made: whether to log more. */
    static void setDebug(boolean debug) {
        if (debug) {
            System.setProperty(DEBUG, "true");
        }
    }

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        var encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern("%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level %logger{0}: %msg%n");
        encoder.start();
        var console = new ConsoleAppender<ILoggingEvent>();
        console.setContext(context);
        console.setTarget("System.err");
        console.setEncoder(encoder);
        console.start();
        var root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(level());
        root.addAppender(console);
        if (level().levelInt < Level.DEBUG_INT) {
            context.getLogger(REDIS_WIRE).setLevel(Level.DEBUG);
        }
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    private static Level level() {
        String standard = Boolean.getBoolean(DEBUG) ? "DEBUG" : "WARN";
        return Level.toLevel(System.getenv().getOrDefault("LAPWING_LOG", standard), Level.WARN);
    }
}
