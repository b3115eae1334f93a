#include "base/beside.h"

namespace gatehouse {
namespace {

// A service of the reactor's io_context, which ends its services before itself.
class ThreadBeside : public asio::execution_context::service {
 public:
  // Asio asks for this name.
  inline static asio::execution_context::id id;

  explicit ThreadBeside(asio::execution_context& context)
      : asio::execution_context::service(context), pool_(1) {}

  asio::thread_pool& pool() { return pool_; }

 private:
  void shutdown() override {
    pool_.stop();
    pool_.join();
  }
  asio::thread_pool pool_;
};

}  // namespace

Task<asio::thread_pool*> thread_beside() {
  Executor reactor = co_await asio::this_coro::executor;
  co_return &asio::use_service<ThreadBeside>(reactor.context()).pool();
}

}  // namespace gatehouse
