import QtQuick
import Shelflens
import "../camera"
import "../widgets"

// The first product is stored: it is shown to the camera, and named; then what comes next.
Item {
    id: screen
    property bool portrait: false
    readonly property ProductViewObject product: Kiosk.setup.tried
    readonly property bool named: Kiosk.setup.trial === "recognised"
    readonly property bool unsure: Kiosk.setup.trial === "unsure"

    CameraPane {
        id: pane
        x: screen.portrait ? 0 : 28
        y: screen.portrait ? 0 : 24
        width: screen.portrait ? screen.width : Math.round(screen.width * 0.5)
        height: screen.portrait ? 440 : screen.height - 48
        compact: true
        reticleColor: screen.named ? Theme.leafBright : (screen.unsure ? Theme.amberBright : Theme.white)
        advice: screen.named ? "" : qsTr("Hold it in the frame")
    }
    Column {
        anchors { left: screen.portrait ? parent.left : pane.right; right: parent.right; top: screen.portrait ? pane.bottom : parent.top; leftMargin: 36; rightMargin: 36; topMargin: screen.portrait ? 28 : 40 }
        spacing: 16
        Row {
            width: parent.width
            spacing: 20
            RoundSign {
                id: sign
                side: 76
                icon: screen.named ? "check" : (screen.unsure ? "warning" : "camera")
                tone: screen.named ? "sure" : (screen.unsure ? "unsure" : "plain")
            }
            Label {
                objectName: "trialTitle"
                width: parent.width - sign.width - 20
                height: Math.max(implicitHeight, sign.height)
                text: screen.named ? qsTr("It works: recognised!") : (screen.unsure ? qsTr("Not sure yet") : qsTr("Now show it to the camera"))
                font.pixelSize: Theme.titleSize
                font.weight: Font.Bold
                wrapMode: Text.Wrap
                maximumLineCount: 2
            }
        }
        ProductRow {
            width: parent.width
            sku: screen.product?.sku ?? ""
            name: screen.product?.name ?? ""
            price: screen.product?.price ?? ""
            category: screen.product?.category ?? ""
            enabled: false
        }
        Notice {
            width: parent.width
            text: screen.unsure ? qsTr("More photos help: its label, its back, another hand.") : ""
            icon: "camera"
        }
        Notice {
            width: parent.width
            tone: "plain"
            icon: "lock"
            text: qsTr("To come back here later: hold the name Shelflens at the top left for two seconds, then type your PIN.")
        }
        Flow {
            width: parent.width
            spacing: 14
            ActionButton {
                objectName: "showCustomers"
                kind: screen.named ? "primary" : "plain"
                icon: "eye"
                text: qsTr("Show it to customers")
                onClicked: { Kiosk.setup.finish(); Kiosk.app.home(); }
            }
            ActionButton {
                objectName: "morePhotos"
                visible: screen.unsure
                kind: "primary"
                icon: "camera"
                text: qsTr("Add a photo")
                onClicked: { Kiosk.enrol.photograph(screen.product.sku); Kiosk.setup.finish(); }
            }
            ActionButton {
                objectName: "anotherProduct"
                icon: "plus"
                text: qsTr("Another product")
                onClicked: { Kiosk.enrol.next(); Kiosk.setup.finish(); }
            }
            ActionButton {
                objectName: "importList"
                icon: "download"
                text: qsTr("Import your list")
                onClicked: { Kiosk.setup.finish(); Kiosk.app.turnPage("transfer"); }
            }
        }
    }
}
