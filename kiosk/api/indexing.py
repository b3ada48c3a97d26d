"""The work of jobs: encode what is missing, index a folder, change the model."""

from __future__ import annotations

from kiosk.api.jobs import Progress, Work
from kiosk.api.service import Service


def reindex_work(service: Service) -> Work:
    """Encode every photo without a vector, and fit the metric anew."""

    def work(on_progress: Progress) -> dict[str, object]:
        service.shop.refresh(on_progress)
        engine = service.shop.engine
        return {
            "products": engine.products,
            "photos": engine.photos,
            "unreadable": len(service.shop.unreadable_photos),
        }

    return work


def switch_work(service: Service, model_id: str) -> Work:
    def work(on_progress: Progress) -> dict[str, object]:
        service.shop.switch_model(model_id, on_progress=on_progress)
        return {"model": service.shop.encoder.model_id, "photos": service.shop.engine.photos}

    return work
