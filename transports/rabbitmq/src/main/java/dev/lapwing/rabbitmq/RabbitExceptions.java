// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.rabbitmq;

import com.rabbitmq.client.impl.DefaultExceptionHandler;

import java.lang.System.Logger.Level;

/** Takes what the client could not tell anybody else: the log gets it, the link deals with it. */
final class RabbitExceptions extends DefaultExceptionHandler {
    private static final System.Logger LOG = System.getLogger(RabbitExceptions.class.getName());

    @Override
    protected void log(String message, Throwable failure) {
        LOG.log(Level.DEBUG, message, failure);
    }
}
