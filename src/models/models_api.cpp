#include "models/models_api.h"

#include "models/completions_api.h"
#include "models/providers_api.h"

namespace gatehouse::models {

void add_operations(access::Operations& operations, Gateway& gateway) {
  add_completion_operations(operations, gateway);
  add_provider_operations(operations, gateway);
}

}  // namespace gatehouse::models
