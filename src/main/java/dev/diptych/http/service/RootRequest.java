package dev.diptych.http.service;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;

/** A request to the root as if it had been sent to another path. */
final class RootRequest extends HttpServletRequestWrapper {

  private final String path;

  RootRequest(HttpServletRequest request, String path) {
    super(request);
    this.path = path;
  }

  @Override
  public String getServletPath() {
    return path;
  }

  @Override
  public String getRequestURI() {
    return path;
  }
}
