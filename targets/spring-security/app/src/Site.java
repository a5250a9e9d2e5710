package app;

import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.core.session.SessionRegistry;
import org.springframework.security.core.session.SessionRegistryImpl;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.session.HttpSessionEventPublisher;

/**
 * A small site that uses Spring Security's form login and session management as its documentation says.
 *
 * <p>usage: java Site --server.port=PORT
 */
@SpringBootApplication
public class Site {
    public static void main(String[] args) {
        SpringApplication site = new SpringApplication(Site.class);
        site.setDefaultProperties(Map.of(
                "server.address", "127.0.0.1",
                // HttpOnly is on by default, secure would need https.
                "server.servlet.session.cookie.same-site", "lax",
                "server.servlet.session.tracking-modes", "cookie",
                "spring.main.banner-mode", "off",
                "logging.level.root", "error"));
        site.run(args);
    }

    /** What an operator does, below /_test/, without security and without sessions. Loopback only, as the whole site. */
    @Bean
    @Order(1)
    SecurityFilterChain operatorChain(HttpSecurity http) throws Exception {
        return http.securityMatcher("/_test/**")
                .authorizeHttpRequests(a -> a.anyRequest().permitAll())
                .csrf(c -> c.disable())
                .sessionManagement(s -> s.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .build();
    }

    /** The defaults, and as many sessions as one likes in a registry by which the site can end them. */
    @Bean
    @Order(2)
    SecurityFilterChain siteChain(HttpSecurity http, SessionRegistry sessions) throws Exception {
        return http.authorizeHttpRequests(a -> a
                        .requestMatchers("/", "/signup", "/error").permitAll()
                        .requestMatchers("/users").hasRole("ADMIN")
                        .anyRequest().authenticated())
                .formLogin(Customizer.withDefaults())
                .sessionManagement(s -> s.maximumSessions(-1).sessionRegistry(sessions).expiredUrl("/login?expired"))
                .build();
    }

    @Bean
    SessionRegistry sessionRegistry() {
        return new SessionRegistryImpl();
    }

    @Bean
    HttpSessionEventPublisher httpSessionEventPublisher() {
        return new HttpSessionEventPublisher();
    }
}
