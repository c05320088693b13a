package org.loghost.cli;

import java.lang.reflect.Proxy;

/**
 * The process's signals. {@code sun.misc.Signal} is the one way for a Java program to hear SIGHUP, and to end with exit
 * code 0 after SIGTERM; it is part of the module {@code jdk.unsupported}, which every JDK since 9 exports. It is asked
 * for by name because javac's note about it cannot be silenced, and notes fail the build.
 */
final class Signals {
    private Signals() {}

    /** Runs the action, on a thread of its own, at each signal of that name, such as {@code TERM}. */
    static void on(String name, Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object run = Proxy.newProxyInstance(
                    Signals.class.getClassLoader(), new Class<?>[] {handler}, (proxy, method, arguments) -> {
                        if (method.getName().equals("handle")) {
                            action.run();
                        }
                        return null;
                    });
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), run);
        } catch (ReflectiveOperationException unavailable) {
            throw new IllegalStateException(
                    "SIG" + name + " cannot be heard (expected: java without -Xrs)", unavailable);
        }
    }
}
