// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.http;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;

import java.util.Optional;

/**
 * The head of a request.
 *
 * @param method its method, in capitals
 * @param target where it goes
 * @param headers its headers
 * @param old whether it is older than HTTP/1.1
 * @param keepAlive whether the client wants to go on with this connection
 */
record Request(String method, Target target, HttpHeaders headers, boolean old, boolean keepAlive) {

    static Request of(HttpRequest head) {
        return new Request(
                head.method().name(),
                Target.parse(head.uri()),
                head.headers(),
                !head.protocolVersion().equals(HttpVersion.HTTP_1_1),
                HttpUtil.isKeepAlive(head));
    }

    String path() {
        return target.path();
    }

    /** The decoded rest of the path behind a prefix: the name of a topic. */
    String pathBehind(String prefix) {
        return Target.decode(path().substring(prefix.length()));
    }

    Optional<String> header(CharSequence name) {
        return Optional.ofNullable(headers.get(name));
    }
}
