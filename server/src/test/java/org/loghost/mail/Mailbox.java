package org.loghost.mail;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.BiFunction;

/** A destination that answers as told. */
final class Mailbox implements Destination {
    final List<String> taken = new CopyOnWriteArrayList<>();
    volatile BiFunction<String, Set<String>, Delivery> answer = (id, accepted) -> Delivery.done();
    volatile int tries;
    private final String name;
    private final CountDownLatch closed = new CountDownLatch(1);

    Mailbox(String name) {
        this.name = name;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String place() {
        return name;
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // the outbox's thread alone writes
    public Delivery deliver(String id, Path mail, Set<String> accepted) {
        tries++;
        if (!Files.exists(mail)) {
            throw new UncheckedIOException(new IOException(mail + " is gone"));
        }
        Delivery delivery = answer.apply(id, accepted);
        if (delivery.outcome() == Delivery.Outcome.ACCEPTED) {
            taken.add(id);
        }
        return delivery;
    }

    void awaitClose() {
        try {
            closed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
