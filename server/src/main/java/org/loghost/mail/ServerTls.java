package org.loghost.mail;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * TLS to one mail server on top of an open connection. Trusted are the system's authorities and the certificates of one
 * PEM file beside them; the certificate must bear the server's name. Remembers the certificate shown, so that a fault can
 * be explained. One dialogue, one thread.
 */
final class ServerTls extends SSLSocketFactory {
    private final String host;
    private final SSLSocketFactory factory;
    private @Nullable X509Certificate shown;

    /** Reads the file anew, so that a renewed certificate needs no restart. */
    ServerTls(String host, @Nullable Path pem) throws IOException {
        this.host = host;
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new Remembering(trustManager(pem))}, null);
            factory = context.getSocketFactory();
        } catch (GeneralSecurityException e) {
            throw new IOException(
                    (pem == null ? "TLS" : pem.toString()) + ": " + e.getMessage() + " (expected: PEM certificates)",
                    e);
        }
    }

    /** The certificate that the server has shown; null for none. */
    @Nullable
    X509Certificate shown() {
        return shown;
    }

    /** TLS on an open connection, with the handshake done. */
    SSLSocket secure(Socket socket) throws IOException {
        SSLSocket secured = (SSLSocket) createSocket(socket, host, socket.getPort(), true);
        secured.startHandshake();
        return secured;
    }

    @Override
    public Socket createSocket(Socket socket, String name, int port, boolean autoClose) throws IOException {
        SSLSocket secured = (SSLSocket) factory.createSocket(socket, host, port, autoClose);
        SSLParameters parameters = secured.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        secured.setSSLParameters(parameters);
        return secured;
    }

    @Override
    public String[] getDefaultCipherSuites() {
        return factory.getDefaultCipherSuites();
    }

    @Override
    public String[] getSupportedCipherSuites() {
        return factory.getSupportedCipherSuites();
    }

    @Override
    public Socket createSocket(String name, int port) {
        throw onTopOnly();
    }

    @Override
    public Socket createSocket(String name, int port, InetAddress local, int localPort) {
        throw onTopOnly();
    }

    @Override
    public Socket createSocket(InetAddress address, int port) {
        throw onTopOnly();
    }

    @Override
    public Socket createSocket(InetAddress address, int port, InetAddress local, int localPort) {
        throw onTopOnly();
    }

    /** A connection of its own would be outside the bounds. */
    private static UnsupportedOperationException onTopOnly() {
        return new UnsupportedOperationException("TLS alone (expected: an open connection under it)");
    }

    private static X509ExtendedTrustManager trustManager(@Nullable Path pem)
            throws IOException, GeneralSecurityException {
        X509ExtendedTrustManager system = managerOf(null);
        if (pem == null) {
            return system;
        }
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        int number = 0;
        for (X509Certificate authority : system.getAcceptedIssuers()) {
            store.setCertificateEntry("system-" + number++, authority);
        }
        int before = number;
        try (InputStream in = Files.newInputStream(pem)) {
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("file-" + number++, certificate);
            }
        }
        if (number == before) {
            throw new CertificateException("no certificate in it");
        }
        return managerOf(store);
    }

    private static X509ExtendedTrustManager managerOf(@Nullable KeyStore store) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509ExtendedTrustManager x509) {
                return x509;
            }
        }
        throw new GeneralSecurityException("no X.509 trust manager in this Java");
    }

    /** Decides as the other does. */
    private final class Remembering extends X509ExtendedTrustManager {
        private final X509ExtendedTrustManager decider;

        Remembering(X509ExtendedTrustManager decider) {
            this.decider = decider;
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            shown = chain[0];
            decider.checkServerTrusted(chain, type, socket);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            shown = chain[0];
            decider.checkServerTrusted(chain, type, engine);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
            shown = chain[0];
            decider.checkServerTrusted(chain, type);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            decider.checkClientTrusted(chain, type, socket);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            decider.checkClientTrusted(chain, type, engine);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
            decider.checkClientTrusted(chain, type);
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return decider.getAcceptedIssuers();
        }
    }
}
